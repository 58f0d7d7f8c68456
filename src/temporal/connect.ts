import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

export interface Connected {
  connection: Connection;
  client: Client;
  namespace: string;
  /** `host:port`. */
  address: string;
}

/**
 * Connects as Temporal's own variables (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS_…`) and profile file say.
 *
 * @throws Error in words where no server answers there.
 */
export async function connect(): Promise<Connected> {
  const config = loadClientConnectConfig();
  const address = config.connectionOptions.address ?? '127.0.0.1:7233';
  const namespace = config.namespace ?? 'default';
  try {
    const connection = await Connection.connect({ ...config.connectionOptions, connectTimeout: '10 seconds' });
    return { connection, client: new Client({ connection, namespace }), namespace, address };
  } catch (error) {
    throw new Error(`No Temporal server answers at ${address}. Start one, or set TEMPORAL_ADDRESS (and TEMPORAL_NAMESPACE).`, {
      cause: error,
    });
  }
}
