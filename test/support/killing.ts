import type { SimulatedRequest } from '../../src/simulators/server.js';
import type { ClinicWorld } from './clinic-world.js';
import { until } from './until.js';

/**
 * Kills a world's worker in the middle of its work, each time starting another, and knows whose
 * requests reach Avni: each worker signs in for itself.
 */
export class Killing {
  /**
   * Of each request to Avni, as it arrived, the number of its worker. The simulator answers after
   * one latency for all, so what arrives first lands first.
   */
  readonly workers: number[] = [];
  private readonly byToken = new Map<string, number>();
  private alive = 0;

  constructor(private readonly world: ClinicWorld) {
    world.avni.watchers.push(({ headers }) => {
      const token = headers['auth-token'];
      if (typeof token !== 'string') return;
      const worker = this.byToken.get(token) ?? this.alive;
      this.byToken.set(token, worker);
      this.workers.push(worker);
    });
  }

  /** As soon as the `nth` such request arrives from now on. */
  async at(system: 'avni' | 'fhir', fits: (request: SimulatedRequest) => boolean, nth = 1): Promise<void> {
    const { watchers } = this.world[system];
    let seen = 0;
    let dead: Promise<unknown> | undefined;
    watchers.push((request) => {
      if (dead || !fits(request) || (seen += 1) < nth) return;
      dead = this.world.worker.end('SIGKILL');
    });
    await until(`request ${nth} arrives, at which the worker is killed`, () => dead !== undefined, 60_000, 10);
    await dead;
    await this.next();
  }

  /** As soon as this holds; `then` is run before another one starts. */
  async when(what: string, holds: () => Promise<boolean>, then: () => Promise<void>): Promise<void> {
    await until(what, holds, 60_000, 20);
    await this.world.worker.end('SIGKILL');
    await then();
    await this.next();
  }

  private async next(): Promise<void> {
    this.alive += 1;
    await this.world.worker.start();
  }
}
