import { setOwn } from './keyed.js';

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
 * From now on nothing that reaches a prototype changes it for the whole thread: the code at fault
 * fails instead. To be called once all libraries are loaded, since some set up classes by assigning
 * what these prototypes have.
 */
export function freezePrototypes(): void {
  // Records and errors are made by assigning names, in libraries too, and some of these names are
  // inherited.
  for (const { prototype } of [Object, Error]) letOwnersAssign(prototype);
  for (const { prototype } of SHARED) Object.freeze(prototype);
  // JSONata gives some of its lists a `push` of their own, by assignment: what is frozen would not
  // let it.
  Object.seal(Array.prototype);
}

/**
 * What cannot be written cannot be assigned to an object that inherits it, either: so it becomes a
 * pair of functions that let it.
 */
function letOwnersAssign(prototype: object): void {
  for (const [name, { value, writable, configurable, enumerable }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (writable !== true || configurable !== true) continue;
    Object.defineProperty(prototype, name, {
      get: () => value as unknown,
      set(this: object, given: unknown) {
        if (this === prototype) throw new TypeError(`Nothing may change ${name} of a prototype.`);
        setOwn(this as Record<string, unknown>, name, given);
      },
      configurable: true,
      enumerable: enumerable === true,
    });
  }
}
