import { writeFileSync } from 'node:fs';
import { capabilitiesPage } from './capabilities-page.js';
import { preparedSystems } from './prepared-systems.js';

writeFileSync('docs/capabilities.md', capabilitiesPage(preparedSystems()));
