import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Cancelled, SystemFailure } from '../../src/errors/system-failure.js';
import { HangingGate } from '../../src/http/hanging-gate.js';
import type { Http, HttpRequest, HttpResponse } from '../../src/http/http.js';
import { WatchedHttp } from '../../src/http/watched-http.js';

const timedOut = new SystemFailure({ code: 'TimedOut', message: 'm', remedy: 'r' });
const refused = new SystemFailure({ code: 'Unreachable', message: 'm', remedy: 'r' });
const answer: HttpResponse = { status: 200, headers: {}, text: '' };

interface Sent {
  url: string;
  end(how: HttpResponse | Error): Promise<void>;
}

/** A client whose requests end when the test says so. */
function held() {
  const sent: Sent[] = [];
  const http: Http = {
    send: ({ url }) =>
      new Promise((resolve, reject) => {
        const end = async (how: HttpResponse | Error): Promise<void> => {
          if (how instanceof Error) reject(how);
          else resolve(how);
          await turn();
        };
        sent.push({ url, end });
      }),
    close: () => undefined,
  };
  const gate = new HangingGate(http);
  const ask = (url = 'http://a/x', signal = new AbortController().signal): Promise<string> => {
    const request: HttpRequest = { method: 'GET', url, kind: 'read', signal };
    return gate.send(request).then(
      ({ status }) => String(status),
      (error: unknown) => (error instanceof SystemFailure ? `${error.code} ${error.message}` : (error as Error).name),
    );
  };
  /** Two requests that were sent together time out. */
  const hang = async (): Promise<void> => {
    const both = [ask(), ask()];
    await turn();
    for (const each of sent.splice(0)) await each.end(timedOut);
    await Promise.all(both);
  };
  return { sent, ask, hang };
}

describe('a system that was found hanging', () => {
  it('is asked by one request for all who need it, which are sent once that one is answered', async () => {
    const { sent, ask, hang } = held();
    await hang();
    const all = Array.from({ length: 20 }, () => ask());
    await turn();
    expect(sent).toHaveLength(1);
    await sent[0]?.end(answer);
    expect(sent).toHaveLength(20);
    for (const each of sent.slice(1)) await each.end(answer);
    expect(new Set(await Promise.all(all))).toEqual(new Set(['200']));
  });

  it('fails all of them where the one request times out, too, and is then asked by the next one', async () => {
    const { sent, ask, hang } = held();
    await hang();
    const all = [ask(), ask(), ask()];
    await turn();
    await sent.splice(0)[0]?.end(timedOut);
    expect(await Promise.all(all)).toEqual(['TimedOut m', ...Array<unknown>(2).fill(expect.stringMatching(/^TimedOut .*was not sent/))]);
    void ask();
    await turn();
    expect(sent).toHaveLength(1);
  });

  it('does not hang any more where it refuses the connection', async () => {
    const { sent, ask, hang } = held();
    await hang();
    const all = [ask(), ask()];
    await turn();
    await sent.splice(0)[0]?.end(refused);
    expect(sent).toHaveLength(1);
    await sent[0]?.end(answer);
    expect(await Promise.all(all)).toEqual(['Unreachable m', '200']);
  });

  it('is asked by another where whoever asked is cancelled, and lets go of those that wait', async () => {
    const { sent, ask, hang } = held();
    await hang();
    const end = new AbortController();
    const [first, second, third] = [ask(), ask('http://a/x', end.signal), ask()];
    await turn();
    end.abort();
    expect(await second).toBe('Cancelled');
    await sent.splice(0)[0]?.end(new Cancelled('Paused'));
    expect(await first).toBe('Cancelled');
    expect(sent).toHaveLength(1);
    await sent[0]?.end(answer);
    expect(await third).toBe('200');
  });

  it('is no other system, and one time-out between answers is no hanging', async () => {
    const { sent, ask, hang } = held();
    await hang();
    void ask('http://b/x');
    await turn();
    expect(sent.splice(0).map(({ url }) => url)).toEqual(['http://b/x']);
    const quiet = held();
    for (let n = 0; n < 3; n += 1) {
      const [slow, well] = [quiet.ask(), quiet.ask()];
      await turn();
      const [first, second] = quiet.sent.splice(0);
      await second?.end(answer);
      await first?.end(timedOut);
      expect(await Promise.all([slow, well])).toEqual(['TimedOut m', '200']);
    }
  });
});

describe('a client that is watched', () => {
  it('tells the oldest request without an answer by method and host alone', async () => {
    const { promise, http } = open();
    const watched = new WatchedHttp(http);
    expect(watched.longest).toBeUndefined();
    const asked = watched.send({ method: 'GET', url: 'http://a/patients?name=Asha', kind: 'read', signal: new AbortController().signal });
    expect(watched.longest).toEqual({ what: 'GET http://a', ms: expect.any(Number) });
    promise.resolve(answer);
    await asked;
    expect(watched.longest).toBeUndefined();
  });
});

function open(): { http: Http; promise: { resolve(answer: HttpResponse): void } } {
  const promise = { resolve: (_answer: HttpResponse): void => undefined };
  const http: Http = { send: () => new Promise((resolve) => (promise.resolve = resolve)), close: () => undefined };
  return { http, promise };
}
