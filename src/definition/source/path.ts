/** Keys and places that lead to a value. */
export type Path = readonly (string | number)[];
