import type { Http, HttpRequest, HttpResponse } from './http.js';

/**
 * A request that has no answer yet: method and host, since a path or query may name a record;
 * milliseconds since it was sent.
 */
export interface Waited {
  what: string;
  ms: number;
}

/** The same client, which tells what it waits for. */
export class WatchedHttp implements Http {
  private readonly pending = new Set<{ request: HttpRequest; sent: number }>();

  constructor(private readonly http: Http) {}

  async send(request: HttpRequest): Promise<HttpResponse> {
    const waited = { request, sent: performance.now() };
    this.pending.add(waited);
    try {
      return await this.http.send(request);
    } finally {
      this.pending.delete(waited);
    }
  }

  close(): void {
    this.http.close();
  }

  /** What has been waited for longest. */
  get longest(): Waited | undefined {
    const [first] = this.pending;
    if (!first) return undefined;
    const { method, url } = first.request;
    return { what: `${method} ${new URL(url).origin}`, ms: Math.round(performance.now() - first.sent) };
  }
}
