/** Takes out of Google's protocol definitions what no service that is called speaks of: a client reads all of them when it is made. */
import { protobuf } from 'google-gax';

/** The form in which a client library holds its definitions (github.com/protobufjs/protobuf.js, "JSON descriptors"). */
export type Definitions = protobuf.INamespace;

/** @returns the full names of everything that the methods of a service take or give, however deep. */
function reachable(service: protobuf.Service): ReadonlySet<string> {
  const found = new Set([service.fullName]);
  const add = (type: protobuf.ReflectionObject | null): void => {
    if (!type || found.has(type.fullName)) return;
    found.add(type.fullName);
    if (type instanceof protobuf.Type) for (const field of type.fieldsArray) add(field.resolve().resolvedType);
  };
  for (const method of service.methodsArray) {
    method.resolve();
    add(method.resolvedRequestType);
    add(method.resolvedResponseType);
  }
  return found;
}

function keep(object: protobuf.AnyNestedObject, name: string, used: ReadonlySet<string>): protobuf.AnyNestedObject | undefined {
  const inner = 'nested' in object && object.nested ? keepAll(object.nested, name, used) : {};
  const nested = Object.keys(inner).length > 0 ? { nested: inner } : {};
  if (used.has(name)) return { ...object, nested: undefined, ...nested };
  return 'nested' in nested ? nested : undefined;
}

function keepAll(
  nested: Readonly<Record<string, protobuf.AnyNestedObject>>,
  parent: string,
  used: ReadonlySet<string>,
): Record<string, protobuf.AnyNestedObject> {
  return Object.fromEntries(
    Object.entries(nested).flatMap(([name, object]) => {
      const kept = keep(object, `${parent}.${name}`, used);
      return kept ? [[name, kept] as const] : [];
    }),
  );
}

/**
 * @param service the full name of the one service that is called.
 * @returns the service and the messages that it needs. @throws Error where the definitions do not hold the service.
 */
export function usedDefinitions(definitions: Definitions, service: string): Definitions {
  const root = protobuf.Root.fromJSON(definitions).resolveAll() as protobuf.Root;
  return { options: definitions.options, nested: keepAll(definitions.nested ?? {}, '', reachable(root.lookupService(service))) };
}
