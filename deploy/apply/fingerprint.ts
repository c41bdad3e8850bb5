/** Fingerprints: what was last applied, kept with each resource, so that a change of the plan is told from a change by hand. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/config/canonical';

const digits = 12;

/** The key of the label that holds the fingerprint. */
export const fingerprintLabel = 'synthetics-fingerprint';

/** What a resource says of the last deployment that wrote it. */
export interface Fingerprint {
  /** Of what was planned. */
  readonly planned: string;
  /** Of what the server made of it: the same, unless it added something. */
  readonly stored: string;
}

/** @returns the digits that stand for a JSON value; the order of keys does not matter. */
export function digest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, digits);
}

/** @returns the fingerprint as a label's value: one half where both are the same. */
export function writeFingerprint({ planned, stored }: Fingerprint): string {
  return planned === stored ? planned : `${planned}-${stored}`;
}

/** @returns what a label's value says, or undefined where it is no fingerprint. */
export function readFingerprint(text: string | undefined): Fingerprint | undefined {
  const [, planned, stored = planned] = /^([0-9a-f]{12})(?:-([0-9a-f]{12}))?$/.exec(text ?? '') ?? [];
  return planned === undefined || stored === undefined ? undefined : { planned, stored };
}

const inDescription = / \[([0-9a-f-]+)\]$/;

/** @returns a description that ends in the fingerprint, for what takes no labels. */
export function describedBy(description: string, fingerprint: string): string {
  return `${description} [${fingerprint}]`;
}

/** @returns what a description says without its fingerprint, and the fingerprint. */
export function readDescription(text: string): { readonly description: string; readonly fingerprint?: Fingerprint } {
  return { description: text.replace(inDescription, ''), fingerprint: readFingerprint(inDescription.exec(text)?.[1]) };
}
