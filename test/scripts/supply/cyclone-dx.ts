/**
 * What a bill of materials has to be, of the fields that ours uses: names, patterns and values of the JSON Schema of CycloneDX 1.6
 * (github.com/CycloneDX/specification, schema/bom-1.6.schema.json), which refuses every field that it does not know.
 */
import * as z from 'zod';

const refLink = z.string().min(1);

// Of the schema's "hash": how many digits a hash has depends on how it is reckoned; the schema's own pattern takes any of these.
const hash = z.union([
  z.strictObject({ alg: z.literal('SHA-256'), content: z.string().regex(/^[a-f0-9]{64}$/) }),
  z.strictObject({ alg: z.literal('SHA-512'), content: z.string().regex(/^[a-f0-9]{128}$/) }),
]);

// Of "licenseChoice": either licences, each with an identifier of SPDX, or exactly one expression.
const licenses = z.union([
  z.array(z.strictObject({ license: z.strictObject({ id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+-]*$/) }) })).min(1),
  z.tuple([z.strictObject({ expression: z.string().regex(/ (?:OR|AND|WITH) /) })]),
]);

const file = z.strictObject({ type: z.literal('file'), 'bom-ref': refLink, name: z.string().min(1), hashes: z.array(hash).min(1) });

const component = z.strictObject({
  type: z.enum(['application', 'library']),
  'bom-ref': refLink,
  group: z.string().optional(),
  name: z.string().min(1),
  version: z.string().max(1024),
  scope: z.enum(['required', 'optional', 'excluded']).optional(),
  hashes: z.array(hash).optional(),
  licenses,
  // github.com/package-url/purl-spec, type npm: the "@" of a scope is encoded.
  purl: z
    .string()
    .regex(/^pkg:npm\/(?:%40[\w.~-]+\/)?[\w.~-]+@\d+\.\d+\.\d+[\w.+-]*$/)
    .optional(),
  properties: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
  components: z.array(file).optional(),
});

/** The document. */
export const cycloneDx = z.strictObject({
  $schema: z.literal('http://cyclonedx.org/schema/bom-1.6.schema.json'),
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  serialNumber: z.string().regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
  version: z.int().min(1),
  metadata: z.strictObject({
    lifecycles: z.array(
      z.strictObject({ phase: z.enum(['design', 'pre-build', 'build', 'post-build', 'operations', 'discovery', 'decommission']) }),
    ),
    component,
  }),
  components: z.array(component),
  dependencies: z.array(
    z.strictObject({
      ref: refLink,
      dependsOn: z.array(refLink).refine((refs) => new Set(refs).size === refs.length, 'each but once'),
    }),
  ),
});
