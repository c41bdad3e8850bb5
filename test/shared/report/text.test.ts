/** What becomes of text from elsewhere before people read it. */
import { excerptOf, oneLine } from '../../../shared/report/text';

test.each([
  ['a\r\n\tb\u2028c', 'a b c'],
  ['\u001B[31mred\u001B[0m alert', 'red alert'],
  ['\u001B]8;;https://x.example\u0007here\u001B]8;;\u0007', 'here'],
  ['bell\u0007 and null\u0000', 'bell and null'],
  ['user \u202Etxt.exe\u202C \u2066left\u2069', 'user txt.exe left'],
  ['שלום עולם', 'שלום עולם'],
])('%j is on one line %j', (text, expected) => expect(oneLine(text)).toBe(expected));

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdefg', 6, 'abcde…'],
  ['ab😀cd', 4, 'ab…'],
])('%j of at most %i characters is %j', (text, atMost, expected) => expect(excerptOf(text, atMost)).toBe(expected));
