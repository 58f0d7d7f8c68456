/** Prototypes that all of a worker's code shares. */
const SHARED = [
  Object,
  Function,
  String,
  Number,
  Boolean,
  BigInt,
  Symbol,
  Date,
  RegExp,
  Map,
  Set,
  WeakMap,
  WeakSet,
  Promise,
  Error,
  ArrayBuffer,
  DataView,
  Object.getPrototypeOf(Uint8Array) as { prototype: object },
];

/**
 * From now on nothing that reaches a prototype changes it for the whole worker: the code at fault fails instead. To be
 * called once all libraries are loaded, since some set up classes by assigning what these prototypes have.
 */
export function freezePrototypes(): void {
  for (const { prototype } of SHARED) Object.freeze(prototype);
  // JSONata gives some of its lists a `push` of their own, by assignment: what is frozen would not let it.
  Object.seal(Array.prototype);
}
