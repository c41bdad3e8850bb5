/** Code that is handed to a worker: the bundle of the module named behind `bundled:`, as text. */
declare module 'bundled:*' {
  export const code: string;
}
