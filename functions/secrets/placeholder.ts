/** Tells values that stand in for a value from values. */

/** Whole values in lower case, trimmed and without quotes around them; each would make a poor password anyway. */
const placeholders: readonly RegExp[] = [
  /^$/,
  /^(null|nil|none|undefined|n\/a)$/,
  /^(todo|tbd|tba|fixme)([:\s].*)?$/,
  /^change[-_ ]?(me|it|this)(!|[-_ ]?now)?$/,
  /^replace[-_ ]?(me|it|this|with[-_ ].*)$/,
  /^(insert|enter|put|add)[-_ ].*[-_ ]here$/,
  /^your[-_ ].*[-_ ]here$/,
  /^your[-_ ](api[-_ ]?key|secret([-_ ]key)?|password|token|access[-_ ]?(key|token)|client[-_ ]?(id|secret))$/,
  /^placeholder$/,
  /^\[?redacted\]?$/,
  /^(x{3,}|\*{3,}|\.{3,}|-{3,})$/,
  // A name between angle brackets, or a template that nobody expanded.
  /^<[\p{L}\d _.:-]+>$/u,
  /^(\$\{[^{}]*\}|\{\{[^{}]*\}\})$/,
  /^\$[a-z]+(_[a-z0-9]+)+$/,
  /^%[a-z]+(_[a-z0-9]+)+%$/,
];

/** @returns whether the whole value is a placeholder, in any case, with or without quotes and white space around it. */
export function isPlaceholder(text: string): boolean {
  const [, , quoted] = /^(["'`])(.*)\1$/s.exec(text.trim()) ?? [];
  const bare = (quoted ?? text).trim().toLowerCase();
  return placeholders.some((placeholder) => placeholder.test(bare));
}
