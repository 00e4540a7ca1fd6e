import { writeFile } from 'node:fs/promises';
import { drawRooms, PICTURE } from './picture.js';

await writeFile(PICTURE, drawRooms());
