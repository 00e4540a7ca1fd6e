import type { Config } from '../../src/main/config.js';

/** The settings of one system, as its connector gets them; `undefined` when it is not configured. */
export const settingsOf = ({ systems }: Config, id: string): unknown =>
  systems.find(({ system }) => system === id)?.settings;
