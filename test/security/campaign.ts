/** How large a campaign is, and by which chance: small unless the environment says otherwise, and the same for the same seed. */
import { chanceOf, type Chance } from '../shared/diagnose/random-graphs';

/** The seed of all campaigns: `FUZZ_SEED`, or always the same. */
export const seed = Number(process.env['FUZZ_SEED'] ?? 20_260_101);

/** @returns a chance of its own for each part of a campaign, whatever the others use up. */
export const chanceFor = (part: number): Chance => chanceOf(seed * 1000 + part);

/** @returns how many, as the environment says. */
export const countOf = (variable: string, usual: number): number => Number(process.env[variable] ?? usual);

/** A whole number from 0 to below the limit. */
export const below = (limit: number, chance: Chance): number => Math.floor(chance() * limit);

/** So many characters of the alphabet, which may hold some that are two units long. */
export function textOf(alphabet: string, length: number, chance: Chance): string {
  const characters = Array.from(alphabet);
  return Array.from({ length }, () => characters[below(characters.length, chance)] ?? '').join('');
}

/** Prints what was done, so that a campaign's size can be told; a failure is told with the seed. */
export function tellCampaign(what: string, counts: Readonly<Record<string, number>>): void {
  const told = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  if (process.env['FUZZ_TELL']) process.stderr.write(`${what} (seed ${seed}): ${told.join(', ')}\n`);
}
