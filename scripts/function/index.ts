/** What the functions framework loads: the function itself. */
import { load } from './load';

Object.assign(exports, load(__dirname, require).exports);
