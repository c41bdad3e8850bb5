/** Values of secrets of every sort that encoders, protocols and people make of them. */
import { below, textOf } from './campaign';
import type { Chance } from '../shared/diagnose/random-graphs';

const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

type Make = (chance: Chance) => string;

const words = (chance: Chance, length = 14 + below(20, chance)): string => textOf(letters, length, chance);

/** By what is special about them. */
export const sorts: Readonly<Record<string, Make>> = {
  'of letters': (chance) => words(chance),
  'of eight characters': (chance) => words(chance, 8),
  'special in a URL': (chance) => `${words(chance, 6)}${textOf(`${letters}:/?#[]@!$&'()*+,;=%`, 30, chance)}`,
  'that looks percent-encoded': (chance) => `${words(chance, 6)}%41${words(chance, 5)}%2f%zz${words(chance, 5)}%25%E4`,
  'in base64': (chance) => Buffer.from(words(chance, 22)).toString('base64'),
  'in base64url': (chance) => Buffer.from(textOf('ÿþ?>~', 12, chance) + words(chance)).toString('base64url'),
  'in hexadecimal': (chance) => Buffer.from(words(chance)).toString('hex'),
  'with quotes and backslashes': (chance) =>
    `${words(chance, 6)}"${words(chance, 4)}\\u0041\\n'${words(chance, 5)}\\\\${words(chance, 5)}/"`,
  'of several lines': (chance) => ['-----BEGIN KEY-----', words(chance, 40), words(chance, 40), '-----END KEY-----', ''].join('\n'),
  'with line ends of Windows': (chance) => [words(chance, 24), words(chance, 24)].join('\r\n'),
  'with a line end behind it': (chance) => `${words(chance)}\n`,
  'in other scripts': (chance) => `${words(chance, 4)}${textOf('äöüßéñ漢字ключמפתח🔑é', 14, chance)}${words(chance, 4)}`,
  'in Latin-1': (chance) => `${words(chance, 6)}${textOf('äöüßéñ£§', 6, chance)}${words(chance, 6)}`,
  'long as a key': (chance) => words(chance, 4000 + below(2000, chance)),
  'longer than is looked at': (chance) => words(chance, 20_000),
  'of markup': (chance) => `${words(chance, 5)}<b>${words(chance, 5)}</b>&amp;${words(chance, 5)}"'&#39;${words(chance, 4)}`,
  'with blanks': (chance) => `${words(chance, 9)}  ${words(chance, 9)}\t${words(chance, 9)}`,
  'with control characters': (chance) => `${words(chance, 8)}\u0001\u001B[31m${words(chance, 8)}\u007F${words(chance, 8)}`,
  'of a template': (chance) => `\${${words(chance, 8)}}$\${secret:${words(chance, 8)}|base64url}`,
  'of JSON': (chance) => JSON.stringify({ [words(chance, 9)]: `${words(chance, 9)}"/${words(chance, 9)}` }),
  'that is a URL': (chance) =>
    `http://${words(chance, 6)}:${words(chance, 12)}%2F${words(chance, 4)}@h.example/?token=${words(chance, 12)}`,
};
