/** One HTTP request. Bodies are sent as JSON unless `form` is given. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, without credentials in it. */
  url: string;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
  /** What we sign in with: cut out of the text of an answer that is no success. */
  secrets?: readonly string[];
  /**
   * `read`: aborted at once when the signal aborts. `write`: refuses to start once the signal has
   * aborted, but a started one is waited for, so that its outcome is known.
   */
  kind: 'read' | 'write';
  signal: AbortSignal;
}

/** Any answer the system gave, whatever its status. Header names are lower case. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string | undefined>;
  /**
   * The body, decoded as UTF-8; '' where there is none. Of an answer that is no success it may be
   * cut off: such a one counts by its status, whatever became of its body.
   */
  text: string;
}

/**
 * The one place that speaks HTTP, with got: keep-alive, time-outs, decompression, proxies by
 * `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, and a limit on bodies while they are read. It never
 * retries and never follows a redirect.
 *
 * @throws SystemFailure `Unreachable`, `TlsFailed`, `TimedOut`, or `BadResponse` (cut short, too
 * large), with the status where it was read.
 * @throws Cancelled where the signal aborted it.
 */
export interface Http {
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Closes idle connections. */
  close(): void;
}
