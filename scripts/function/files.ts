/** The files of a function's source folder. */

/** All of its code. */
export const codeFile = 'function.js';
/** What V8 made of the code when the function was rehearsed. */
export const cacheFile = 'function.cache';
