/** One HTTP request. Bodies are sent as JSON unless `form` is given. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, without credentials in it. */
  url: string;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
  /**
   * `read`: aborted at once when the signal aborts. `write`: refuses to start once the signal has aborted, but a started one is
   * waited for, so that its outcome is known.
   */
  kind: 'read' | 'write';
  signal: AbortSignal;
}

/** Any answer the system gave, whatever its status. Header names are lower case. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string | undefined>;
  /** The body, decoded as UTF-8; '' where there is none. */
  text: string;
}

/**
 * The one place that speaks HTTP: keep-alive, time-outs, gzip, a limit on the body's size, redaction in logs; it never retries and never
 * follows a redirect.
 *
 * @throws SystemFailure `Unreachable`, `TlsFailed`, `TimedOut`, or `BadResponse` (truncated, too large) where there is no whole answer.
 * @throws Cancelled where the signal aborted it.
 */
export interface Http {
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Closes idle connections. */
  close(): void;
}
