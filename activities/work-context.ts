import { Context as ActivityContext } from '@temporalio/activity';
import type { Context } from '../src/connectors/connector.js';
import { WatchedHttp } from '../src/http/watched-http.js';
import type { Http } from '../src/http/http.js';
import type { Logger } from '../src/log.js';

/** What the connectors are given by an activity; `http` tells what it waits for. */
export interface WorkContext extends Context {
  http: WatchedHttp;
}

/** That of the activity that runs now. */
export function workContext({ http, log }: { http: Http; log: Logger }): WorkContext {
  return { signal: ActivityContext.current().cancellationSignal, http: new WatchedHttp(http), log };
}
