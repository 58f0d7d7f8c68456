import type { ConnectorType } from './connector.js';

/** The kinds of system a definition can name in `connector:`. */
export type ConnectorTypes = Readonly<Record<string, ConnectorType>>;
