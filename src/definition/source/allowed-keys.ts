import { z } from 'zod';
import type { Path } from './path.js';
import { getOwn } from '../../model/keyed.js';

interface Shape {
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
  items?: Shape;
  anyOf?: Shape[];
  oneOf?: Shape[];
  allOf?: Shape[];
}

const shapes = new WeakMap<z.ZodType, Shape>();

/** The keys a schema knows at a path. */
export function allowedKeys(schema: z.ZodType, path: Path): string[] {
  let here = alternatives(shapeOf(schema));
  for (const part of path) here = here.flatMap((shape) => alternatives(step(shape, part)));
  return [...new Set(here.flatMap((shape) => Object.keys(shape.properties ?? {})))];
}

function shapeOf(schema: z.ZodType): Shape {
  const known = shapes.get(schema);
  if (known) return known;
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Shape;
  shapes.set(schema, shape);
  return shape;
}

function step(shape: Shape, part: string | number): Shape | undefined {
  if (typeof part === 'number') return shape.items;
  if (shape.properties && Object.hasOwn(shape.properties, part)) return getOwn(shape.properties, part);
  return typeof shape.additionalProperties === 'object' ? shape.additionalProperties : undefined;
}

function alternatives(shape: Shape | undefined): Shape[] {
  if (!shape) return [];
  const inner = [...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...(shape.allOf ?? [])];
  return [shape, ...inner.flatMap((each) => alternatives(each))];
}
