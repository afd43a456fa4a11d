import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Parcel } from './parcel.ts';

/** Reads the parcels from a JSON file; a file that is not there holds none. */
export function loadParcels(path: string): Parcel[] {
  if (!existsSync(path)) return [];
  const parcels = JSON.parse(readFileSync(path, 'utf8')) as Parcel[];
  return parcels.map(revive);
}

/** JSON has no dates: texts are turned back into them. */
function revive(parcel: Parcel): Parcel {
  const scans = parcel.scans.map((scan) => ({ ...scan, at: new Date(scan.at) }));
  return { ...parcel, sentAt: new Date(parcel.sentAt), scans };
}

export function saveParcels(path: string, parcels: readonly Parcel[]): void {
  writeFileSync(path, `${JSON.stringify(parcels, null, 2)}\n`);
}
