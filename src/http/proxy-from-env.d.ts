declare module 'proxy-from-env' {
  /**
   * The proxy for a url by `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`; '' for none.
   */
  function getProxyForUrl(url: string): string;
}
