/**
 * What stands for a payload that cannot be decoded: any bytes may be sent to a workflow. Whatever
 * reads a payload refuses it by name.
 */
export interface Undecodable {
  undecodable: string;
}

/** The marker of a payload in this encoding. */
export function undecodable(encoding: string): Undecodable {
  return { undecodable: /^[\w./+-]{1,60}$/.test(encoding) ? encoding : 'unknown' };
}

/** Why a message with this payload is refused; undefined where it can be read. */
export function whyUndecodable(name: string, payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || !('undecodable' in payload)) return undefined;
  return `${name}: its payload cannot be decoded (encoding ${String(payload.undecodable).slice(0, 60)}); send JSON, with encoding json/plain`;
}
