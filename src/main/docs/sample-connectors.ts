import { SYSTEMS } from '../../connectors/registry.js';
import { systemRuntime } from '../../platform/runtime.js';
import type { Connector } from '../../ports/connector.js';

/** A connector of every kind with everything prepared that can be: for what the connectors say about themselves. */
export function sampleConnectors(): readonly Connector[] {
  const runtime = systemRuntime();
  return SYSTEMS.map((system) => system.sample(runtime));
}
