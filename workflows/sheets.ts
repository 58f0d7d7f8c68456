export { addFindings } from '../src/model/findings.js';
export { addSheets, emptySheet as noSheet } from '../src/model/sheet.js';
