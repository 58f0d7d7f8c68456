import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { OptionsInit } from 'got';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { ExchangeFailed } from './exchange-failed.js';
import { proxyFor } from './proxy.js';

/** How got reaches an address. */
export type Way = Pick<OptionsInit, 'agent' | 'request'>;

/**
 * Connections to systems, kept between requests: straight, or by the proxy that `HTTP_PROXY`,
 * `HTTPS_PROXY` and `NO_PROXY` name for an address. To an encrypted one a proxy makes a tunnel; a
 * plain one it is asked for whole.
 */
export class Connections {
  private readonly http = new HttpAgent({ keepAlive: true });
  private readonly https = new HttpsAgent({ keepAlive: true });
  private readonly tunnels = new Map<string, HttpsProxyAgent<string>>();
  private readonly ways = new Map<string, Way>();

  /** The same for every url of an origin. @throws ExchangeFailed where no proxy is named */
  to({ origin, protocol }: URL): Way {
    const known = this.ways.get(origin);
    if (known) return known;
    const proxy = proxyFor(origin);
    if (proxy && 'problem' in proxy) throw new ExchangeFailed('badProxy', `${proxy.variable} ${proxy.problem}`);
    const way = !proxy ? this.straight() : protocol === 'https:' ? this.tunnel(proxy.url.href) : this.asked(proxy.url);
    this.ways.set(origin, way);
    return way;
  }

  close(): void {
    for (const agent of [this.http, this.https, ...this.tunnels.values()]) agent.destroy();
  }

  private straight(): Way {
    return { agent: { http: this.http, https: this.https } };
  }

  private tunnel(proxy: string): Way {
    const https = this.tunnels.get(proxy) ?? new HttpsProxyAgent(proxy, { keepAlive: true });
    this.tunnels.set(proxy, https);
    return { agent: { https: https as unknown as HttpsAgent } };
  }

  /** Not by http-proxy-agent: with got it sends the head of a request with a body a second time. */
  private asked({ protocol, hostname, port, username, password }: URL): Way {
    const [request, agent] = protocol === 'https:' ? [httpsRequest, this.https] : [httpRequest, this.http];
    const by = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), ...(port === '' ? {} : { port }), agent };
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const authorization = username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
    return {
      request: (url, options) => {
        const given = options as RequestOptions;
        const headers = { ...(given.headers as Record<string, string>), host: url.host, ...authorization };
        return request({ ...given, ...by, headers, path: url.href });
      },
    };
  }
}
