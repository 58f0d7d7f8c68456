import { destinationProperties } from './destination-properties.js';
import { sourceProperties } from './source-properties.js';
import type { DestinationWorld, Property, SourceWorld, SystemWorld, Test } from './world.js';

export type { DestinationWorld, Property, SourceWorld, SystemWorld, Test };
export { destinationProperties, sourceProperties };

/**
 * Proves a connector as a source: one test for each promise, each over a new, empty system. `test`:
 * jest's, or node's.
 */
export function proveSource(test: Test, makeWorld: () => Promise<SourceWorld>): void {
  prove(test, sourceProperties, makeWorld);
}

/**
 * Proves a connector as a destination: one test for each promise, each over a new, empty system.
 * `test`: jest's, or node's.
 */
export function proveDestination(test: Test, makeWorld: () => Promise<DestinationWorld>): void {
  prove(test, destinationProperties, makeWorld);
}

function prove<World extends SystemWorld>(test: Test, properties: Property<World>[], makeWorld: () => Promise<World>): void {
  for (const { name, holds } of properties)
    test(name, async () => {
      const world = await makeWorld();
      try {
        await holds(world);
      } finally {
        await world.close();
      }
    });
}
