import { writeFile } from 'node:fs/promises';
import { SCHEMA_FILE, schemaText } from './generate.js';

await writeFile(SCHEMA_FILE, await schemaText());
