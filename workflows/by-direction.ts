import type { TypeState } from './state.js';

/**
 * Entity types by the direction in which they go, where there are several; under '' where all go
 * one way, or nothing was planned yet.
 */
export function byDirection(types: Record<string, TypeState>): Map<string, [string, TypeState][]> {
  const all = Object.entries(types);
  const directions = new Set(all.map(([, { direction = '' }]) => direction));
  if (directions.size < 2) return new Map([['', all]]);
  return new Map([...directions].map((direction) => [direction, all.filter(([, type]) => (type.direction ?? '') === direction)]));
}
