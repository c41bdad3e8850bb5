/** Preloaded into a function's process: writes its id to the file that `RECORD_PID` names. */
import { writeFileSync } from 'node:fs';

const file = process.env['RECORD_PID'];
if (file) writeFileSync(file, String(process.pid));
