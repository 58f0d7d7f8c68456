import type { Measurement } from './figure.js';
import { throughput } from './throughput.js';

/** All there are, in the order they are run. */
export const measurements: readonly Measurement[] = [throughput];
