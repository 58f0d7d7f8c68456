import { startServer, type SimulatedRequest, type SimulatorServer } from '../../src/simulators/server.js';

export interface AlteringFront extends SimulatorServer {
  /** Which answers are altered, and how: it is given their text. */
  alter: { hits: (request: SimulatedRequest) => boolean; by: (text: string) => string };
  /**
   * What is answered to a request that is hit and not carried out at all; undefined: it is carried
   * out.
   */
  instead?: ((request: SimulatedRequest) => string) | undefined;
}

/** A real HTTP server before another one, that alters the text of some of its answers. */
export async function startAlteringFront(target: string): Promise<AlteringFront> {
  const server = await startServer({}, async (request) => {
    const { method, path, query, body } = request;
    const hit = front.alter.hits(request);
    const headers = { 'content-type': 'application/json' };
    if (hit && front.instead) return { status: 200, headers, body: Buffer.from(front.alter.by(front.instead(request))) };
    const kept = ['accept', 'content-type', 'if-match', 'user-name', 'auth-token'].flatMap((name) =>
      request.headers[name] === undefined ? [] : [[name, request.headers[name]]],
    );
    const response = await fetch(`${target}${path}${query.size > 0 ? `?${query.toString()}` : ''}`, {
      ...{ method, headers: Object.fromEntries(kept) as Record<string, string> },
      ...(body !== '' ? { body } : {}),
    });
    const text = (await response.text()).replaceAll(target, front.url);
    const { status } = response;
    return { status, ...(status === 204 ? {} : { headers, body: Buffer.from(hit ? front.alter.by(text) : text) }) };
  });
  const front: AlteringFront = { ...server, alter: { hits: () => false, by: (text) => text } };
  return front;
}
