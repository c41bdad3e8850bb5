/** The three functions of the metadata proposal that tsyringe, beneath @peculiar/x509, refuses to load without. Import it first. */

type Metadata = Map<unknown, unknown>;

const known = new WeakMap<object, Metadata>();

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const metadata: Metadata = known.get(target) ?? new Map<unknown, unknown>();
  known.set(target, metadata.set(key, value));
}

function getOwnMetadata(key: unknown, target: object): unknown {
  return known.get(target)?.get(key);
}

function getMetadata(key: unknown, target: object): unknown {
  for (let owner: object | null = target; owner !== null; owner = Reflect.getPrototypeOf(owner)) {
    if (known.get(owner)?.has(key)) return getOwnMetadata(key, owner);
  }
  return undefined;
}

// A complete polyfill that was loaded before us stays.
if (!('getMetadata' in Reflect)) Object.assign(Reflect, { defineMetadata, getOwnMetadata, getMetadata });
