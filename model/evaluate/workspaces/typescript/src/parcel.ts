import type { Status } from './status.ts';

/** A place and time at which a parcel was seen. */
export interface Scan {
  /** Code of the depot, see depots.ts. */
  depot: string;
  at: Date;
  status: Status;
}

/** A parcel that is being followed. */
export interface Parcel {
  number: string;
  carrier: string;
  /** What the person calls it: "shoes", "Mum's birthday". */
  label: string;
  sentAt: Date;
  scans: Scan[];
}

/** A new parcel that nobody has scanned yet. */
export function createParcel(number: string, carrier: string, label = 'no name'): Parcel {
  return { number, carrier, label, sentAt: new Date(), scans: [] };
}

/** The status of the newest scan; a parcel without scans is only announced. */
export function currentStatus(parcel: Parcel): Status {
  return parcel.scans.at(-1)?.status ?? 'announced';
}

/** True for a parcel that nothing more will happen to. */
export function isFinished(parcel: Parcel): boolean {
  const status = currentStatus(parcel);
  return status === 'delivered' || status === 'returned';
}

/** Adds a scan and keeps the scans in order of time. */
export function addScan(parcel: Parcel, scan: Scan): Parcel {
  const scans = [...parcel.scans, scan].sort((a, b) => a.at.getTime() - b.at.getTime());
  return { ...parcel, scans };
}
