/**
 * Temporal's server on loopback over PostgreSQL, all four services in one process. Limits are as in production: ids of 255 characters, ten
 * visibility calls a second. `ports`: a port for calls and one for membership for each service.
 */
export function serverConfig({ connection, ports, dynamicConfig }) {
  const store = (databaseName) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `${connection.host}:${connection.port}`,
      connectProtocol: 'tcp',
      user: connection.user,
      password: connection.password,
      maxConns: 20,
      maxIdleConns: 20,
    },
  });
  const services = ['frontend', 'matching', 'history', 'worker'].map((name, index) => [
    name,
    { rpc: { grpcPort: ports[2 * index], membershipPort: ports[2 * index + 1], bindOnIP: '127.0.0.1' } },
  ]);
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 4,
      datastores: { default: store('temporal'), visibility: store('temporal_visibility') },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(services),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `127.0.0.1:${ports[0]}` },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfig, pollInterval: '60s' },
  };
}
