import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { oddVariable } from '../definition/parts/environment.js';

export interface Connected {
  connection: Connection;
  client: Client;
  namespace: string;
  /** `host:port`. */
  address: string;
}

/**
 * Connects as Temporal's own variables (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`,
 * `TEMPORAL_API_KEY`, `TEMPORAL_TLS_…`) and profile file say.
 *
 * @throws Error in words where no server answers there, or one of them cannot be used as it stands.
 */
export async function connect(): Promise<Connected> {
  const odd = [
    ...['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_PROFILE'].map((name) => oddVariable(process.env, name)),
    oddVariable(process.env, 'TEMPORAL_API_KEY', { header: true }),
  ].find((each) => each !== undefined);
  if (odd !== undefined) throw new Error(odd);
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

/** Which Temporal it is, for a person. */
export function placeText({ address, namespace }: Pick<Connected, 'address' | 'namespace'>): string {
  return `Temporal ${address}, namespace ${namespace}`;
}

/** gRPC's status for what is not there. */
const NOT_FOUND = 5;

/**
 * @throws Error in words where the server has no such namespace: a worker that asks for it itself
 * does not end any more.
 */
export async function expectNamespace(connection: Connection, namespace: string): Promise<void> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    // Anything else, as where it may not be asked, shows when the worker begins.
    if (!isGrpcServiceError(error) || error.code !== NOT_FOUND) return;
    throw new Error(`Temporal has no namespace "${namespace}". Set TEMPORAL_NAMESPACE, or create it.`, { cause: error });
  }
}
