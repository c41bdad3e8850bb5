/** The units that a metric descriptor may have: a subset of UCUM (google/api/metric.proto, `MetricDescriptor.unit`). */

const prefix = '(?:Ki|Mi|Gi|Ti|Pi|[kMGTPEZYmunpfazy])';
const annotation = '\\{[!-z|~]+\\}';
const unit = '(?:bit|By|min|s|h|d)';
const number = '[1-9][0-9]*(?:\\^[0-9]+)?';
const component = `(?:(?:${number})?${prefix}?${unit}(?:${annotation})?|(?:${number})?%(?:${annotation})?|${prefix}?${annotation}|${prefix}?${number}(?:${annotation})?)`;
const expression = new RegExp(`^${component}(?:\\.${component})*(?:/${component})*$`);

/** Whether a unit is one; none at all is allowed. */
export function isUnit(text: string): boolean {
  return text === '' || expression.test(text);
}
