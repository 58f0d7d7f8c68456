export type { Findings } from '../model/findings.js';
export type { Progress, SyncResult } from '../model/progress.js';
export type { Sheet } from '../model/sheet.js';
export type { Stop } from '../model/stop.js';
