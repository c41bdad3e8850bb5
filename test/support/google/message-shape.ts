/** Compares JSON with the public protocol buffers of Cloud Monitoring: fields, types and enums that the API would not take. */
import { invalid, listOf, objectOf } from './rest';

interface Field {
  readonly type: string;
  readonly rule?: string;
  readonly keyType?: string;
}

interface Definition {
  readonly fields?: Readonly<Record<string, Field>>;
  readonly oneofs?: Readonly<Record<string, { readonly oneof: readonly string[] }>>;
  readonly values?: Readonly<Record<string, number>>;
  readonly nested?: Readonly<Record<string, Definition>>;
}

let root: Definition | undefined;

/** The definitions ship with the client library; they are big, so they are read at their first use. */
function definitions(): Definition {
  // oxlint-disable-next-line typescript/no-require-imports -- A JSON file of 1 MB that most tests never need.
  root ??= require('@google-cloud/monitoring/build/protos/protos.json') as Definition;
  return root;
}

function find(path: readonly string[]): Definition | undefined {
  return path.reduce<Definition | undefined>((found, name) => found?.nested?.[name], definitions());
}

/** A type's name is looked up from the inside out (Protocol Buffers language guide, "Packages and Name Resolution"). */
function resolveType(type: string, scope: readonly string[]): { readonly path: readonly string[]; readonly found: Definition } | undefined {
  for (let depth = scope.length; depth >= 0; depth -= 1) {
    const path = [...scope.slice(0, depth), ...type.split('.')];
    const found = find(path);
    if (found) return { path, found };
  }
  return undefined;
}

const texts = ['string', 'bytes', 'google.protobuf.Duration', 'google.protobuf.Timestamp', 'google.protobuf.FieldMask'];
const numbers = ['double', 'float', 'int32', 'uint32', 'sint32'];
const longs = ['int64', 'uint64', 'sint64'];

/**
 * @param message its full name, e.g. `google.monitoring.v3.AlertPolicy`.
 * @throws 400 where the document is not such a message in JSON.
 */
export function checkMessage(message: string, document: unknown): void {
  checkObject(message.split('.'), document, '');
}

function checkObject(path: readonly string[], document: unknown, where: string): void {
  const definition = find(path);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw invalid(`Invalid value at '${where || path.at(-1)}' (type.googleapis.com/${path.join('.')}), ${JSON.stringify(document)}`);
  }
  for (const [name, value] of Object.entries(document)) {
    const field = definition?.fields?.[name];
    const at = where ? `${where}.${name}` : name;
    if (!field) throw invalid(`Invalid JSON payload received. Unknown name "${name}"${where && ` at '${where}'`}: Cannot find field.`);
    if (field.keyType) Object.values(objectOf(value)).forEach((one) => checkValue(field.type, path, one, at));
    else if (field.rule === 'repeated') {
      if (!Array.isArray(value)) throw invalid(`Invalid value at '${at}': a list is wanted.`);
      listOf(value).forEach((one, index) => checkValue(field.type, path, one, `${at}[${index}]`));
    } else checkValue(field.type, path, value, at);
  }
  for (const [name, { oneof }] of Object.entries(definition?.oneofs ?? {})) {
    const present = oneof.filter((one) => one in document);
    if (present.length > 1)
      throw invalid(`Invalid value at '${where}': oneof field '${name}' is already set. Cannot set '${present[1] ?? ''}'`);
  }
}

function checkValue(type: string, scope: readonly string[], value: unknown, where: string): void {
  const refuse = (): Error => invalid(`Invalid value at '${where}' (${type}), ${JSON.stringify(value)}`);
  const check = (isWell: boolean): void => {
    if (!isWell) throw refuse();
  };
  if (texts.includes(type))
    return check(typeof value === 'string' && (type !== 'google.protobuf.Duration' || /^-?\d+(\.\d+)?s$/.test(value)));
  if (numbers.includes(type)) return check(typeof value === 'number');
  if (longs.includes(type)) return check(typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value)));
  if (type === 'bool' || type === 'google.protobuf.BoolValue') return check(typeof value === 'boolean');
  const resolved = resolveType(type, scope);
  if (!resolved) throw new Error(`The definitions have no ${type}.`);
  const { path, found } = resolved;
  if (found.values) return check(typeof value === 'string' && value in found.values);
  // What may hold anything: google.protobuf.Struct, Any, Value.
  if (path.join('.').startsWith('google.protobuf.')) return;
  checkObject(path, value, where);
}
