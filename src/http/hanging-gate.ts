import { Cancelled, SystemFailure } from '../errors/system-failure.js';
import type { Http, HttpRequest, HttpResponse } from './http.js';

/**
 * Time-outs one after another, with no answer between them, after which a system counts as hanging.
 */
const TIME_OUTS = 2;

/** What is known of one origin. */
interface Origin {
  /** When it last answered anything, by `performance.now`. */
  answered: number;
  timeOuts: number;
  /**
   * The one request that is sent while it hangs: whether it told anything of the system. Never
   * rejects.
   */
  probe?: Promise<boolean>;
}

/**
 * The same client for all processes of a worker: a system found hanging is asked by one request at
 * a time, whoever needs it. The others wait for what becomes of that one: they are sent once it is
 * answered, and fail as it does otherwise.
 */
export class HangingGate implements Http {
  private readonly origins = new Map<string, Origin>();

  constructor(private readonly http: Http) {}

  async send(request: HttpRequest): Promise<HttpResponse> {
    const { origin: name } = new URL(request.url);
    const origin = this.origins.get(name) ?? { answered: 0, timeOuts: 0 };
    this.origins.set(name, origin);
    while (origin.timeOuts >= TIME_OUTS) {
      if (!origin.probe) return this.probe(origin, request);
      const told = await unlessAborted(origin.probe, request.signal);
      if (told && origin.timeOuts >= TIME_OUTS) throw hangs(request.method, name);
    }
    return this.ask(origin, request);
  }

  close(): void {
    this.http.close();
  }

  private async probe(origin: Origin, request: HttpRequest): Promise<HttpResponse> {
    const asked = this.ask(origin, request);
    origin.probe = asked
      .then(
        () => true,
        (error: unknown) => !(error instanceof Cancelled),
      )
      .finally(() => delete origin.probe);
    return asked;
  }

  private async ask(origin: Origin, request: HttpRequest): Promise<HttpResponse> {
    const sent = performance.now();
    try {
      const response = await this.http.send(request);
      answers(origin);
      return response;
    } catch (error) {
      const silent = error instanceof SystemFailure && error.code === 'TimedOut' && error.status === undefined;
      // One that was ended by us says nothing of the system.
      if (silent && origin.answered < sent) origin.timeOuts += 1;
      else if (!silent && !(error instanceof Cancelled)) answers(origin);
      throw error;
    }
  }
}

/** It answered, if only by refusing the connection: it does not hang. */
function answers(origin: Origin): void {
  origin.answered = performance.now();
  origin.timeOuts = 0;
}

/** @throws Cancelled where the signal aborts first. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let end: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    end = () => reject(new Cancelled('Cancelled while a system hangs'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function hangs(method: string, origin: string): SystemFailure {
  return new SystemFailure({
    code: 'TimedOut',
    message: `${method} ${origin} was not sent: the system hangs, and did not answer the one request that was to show whether it is well.`,
    remedy: 'See whether the system is overloaded or hangs; it is tried again by itself.',
  });
}
