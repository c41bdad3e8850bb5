/** Compares a configuration with the JSON Schema of one: which keys does it show, and which not? */

/** A part of a JSON Schema, as zod writes it. */
export interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
}

const branchesOf = ({ anyOf = [], oneOf = [], allOf = [] }: SchemaNode): readonly SchemaNode[] => [...anyOf, ...oneOf, ...allOf];

/** A mapping that the schema describes, the places where it may stand, and its keys that are shown in any of them. */
interface Shape {
  readonly path: string;
  readonly keys: readonly string[];
  readonly shown: Set<string>;
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * @param schema JSON Schema of the value
 * @param value what an example shows
 * @returns the paths of all keys that the schema has and that are not shown. What is described in the same words in several places,
 *   e.g. `tls`, has to be shown in one of them.
 */
export function missingKeys(schema: SchemaNode, value: unknown): readonly string[] {
  const shapes = new Map<string, Shape>();
  const visit = (node: SchemaNode, values: readonly unknown[], path: string): void => {
    for (const branch of branchesOf(node)) visit(branch, values, path);
    if (node.items)
      visit(
        node.items,
        values.flatMap((each) => (Array.isArray(each) ? (each as readonly unknown[]) : [])),
        `${path}[]`,
      );
    const mappings = values.filter(isMapping);
    if (isMapping(node.additionalProperties)) visit(node.additionalProperties, mappings.flatMap(Object.values), `${path}.*`);
    const keys = Object.keys(node.properties ?? {});
    if (keys.length === 0) return;
    const identity = JSON.stringify({ ...node, description: undefined });
    const shape = shapes.get(identity) ?? { path, keys, shown: new Set() };
    shapes.set(identity, shape);
    // Of several sorts of mappings in one place, only those without a key that is not its own are meant.
    const meant = mappings.filter((each) => Object.keys(each).every((key) => keys.includes(key)));
    for (const [key, inner] of Object.entries(node.properties ?? {})) {
      const below = meant.filter((each) => Object.hasOwn(each, key)).map((each) => each[key]);
      if (below.length > 0) shape.shown.add(key);
      visit(inner, below, `${path}.${key}`);
    }
  };
  visit(schema, [value], '');
  return [...shapes.values()].flatMap(({ path, keys, shown }) => keys.filter((key) => !shown.has(key)).map((key) => `${path}.${key}`));
}

/** @returns every key that the schema names anywhere, once. */
export function keysOf(node: SchemaNode): readonly string[] {
  const inner = [
    ...Object.values(node.properties ?? {}),
    ...(isMapping(node.additionalProperties) ? [node.additionalProperties as SchemaNode] : []),
    ...(node.items ? [node.items] : []),
    ...branchesOf(node),
  ];
  return [...new Set([...Object.keys(node.properties ?? {}), ...inner.flatMap(keysOf)])];
}
