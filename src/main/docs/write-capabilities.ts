import { writeFileSync } from 'node:fs';
import { capabilitiesPage } from './capabilities-page.js';
import { sampleConnectors } from './sample-connectors.js';

writeFileSync('docs/capabilities.md', capabilitiesPage(sampleConnectors()));
