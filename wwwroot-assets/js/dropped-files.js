/** @typedef {{ name: string, file: File, inFolder: boolean }} DroppedFile */

/**
 * Every file of a drop, folders walked through; what begins with a dot is left out.
 * @param {DataTransfer} transfer
 */
export async function dropped(transfer) {
  // The list is emptied once the handler returns, so entries are taken at once and walked later.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null && entry !== undefined);
  /** @type {DroppedFile[]} */
  const found = [];
  for (const entry of entries) {
    await walk(entry, false, found);
  }
  return found;
}

/**
 * @param {any} entry
 * @param {boolean} inFolder
 * @param {DroppedFile[]} found
 */
async function walk(entry, inFolder, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push({ name: entry.fullPath.replace(/^\//, ""), file, inFolder });
  } else if (!entry.name.startsWith(".")) {
    const reader = entry.createReader();
    // readEntries gives a hundred at a time.
    for (let batch = await read(reader); batch.length > 0; batch = await read(reader)) {
      for (const child of batch) {
        await walk(child, true, found);
      }
    }
  }
}

/** @param {any} reader */
function read(reader) {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}
