/** `/dev`: the directory in which a guest finds the peripherals that it was granted. */
import { DIRECTORY, ROOT } from "../../fs/file-system.js";
import { NOTCAPABLE, NOTDIR } from "../errno.js";
import { openNode } from "../file.js";
import type { Descriptor, Tree } from "../guest.js";
import {
  CHARACTER_DEVICE,
  FD_FILESTAT_GET,
  FD_READDIR,
  FILE_RIGHTS,
  PATH_CREATE_FILE,
  PATH_FILESTAT_GET,
  PATH_FILESTAT_SET_SIZE,
  PATH_OPEN,
} from "../rights.js";

/** A granted peripheral. */
export interface Device {
  /** Below `/dev`, such as `gpio/led` or `i2c/1/0x76`. */
  readonly path: string;
  /** Opens it. May be called more than once; claims nothing before it is used. */
  open(): Descriptor;
}

/**
 * What `open(path, O_CREAT | O_TRUNC)` asks for is there, since `fopen(path, "w")` does so on a device, too;
 * making a file still isn't possible.
 */
const RIGHTS = PATH_OPEN | PATH_CREATE_FILE | PATH_FILESTAT_SET_SIZE | FD_READDIR | PATH_FILESTAT_GET | FD_FILESTAT_GET;

/** A tree of devices; what isn't granted is `notcapable`. The rights keep all calls away but those that are here. */
function deviceTree(devices: readonly Device[]): Tree {
  /** A node is its place in here, counted from 1: the directories and devices by their paths. */
  const paths = [""];
  const opens: (Device["open"] | undefined)[] = [undefined];
  for (let i = 0; i < devices.length; i++) {
    const parts = devices[i].path.split("/");
    for (let n = 1; n <= parts.length; n++) {
      const path = parts.slice(0, n).join("/");
      if (paths.indexOf(path) < 0) opens[paths.push(path) - 1] = n < parts.length ? undefined : devices[i].open;
    }
  }
  function kindOf(node: number): number {
    return opens[node - 1] ? CHARACTER_DEVICE : DIRECTORY;
  }
  function parentOf(path: string): string {
    return path.substr(0, Math.max(0, path.lastIndexOf("/")));
  }
  return {
    device: 1,
    lookup: function (directory: number, name: string) {
      const parent = paths[directory - 1];
      return opens[directory - 1] ? -NOTDIR : paths.indexOf(parent ? parent + "/" + name : name) + 1 || -NOTCAPABLE;
    },
    stat: function (node: number) {
      return { node: node, kind: kindOf(node), size: 0, accessed: 0, modified: 0, changed: 0 };
    },
    next: function (directory: number, cookie: number) {
      const parent = paths[directory - 1];
      for (let i = cookie || 1; i < paths.length; i++)
        if (parentOf(paths[i]) === parent) {
          const name = parent ? paths[i].substr(parent.length + 1) : paths[i];
          return { node: i + 1, kind: kindOf(i + 1), name: name, cookie: i + 1 };
        }
    },
    open: function (node: number) {
      const open = opens[node - 1];
      return open && open();
    },
    retain: function () {},
    release: function () {},
  } as unknown as Tree;
}

/**
 * Opens `/dev` for a guest to find (`fd_prestat_get`). Put it into the guest's descriptors from 3 on, without a gap.
 * @param name the guest's name for it, usually `/dev`
 */
export function openDevices(devices: readonly Device[], name: string): Descriptor {
  return openNode(deviceTree(devices), ROOT, DIRECTORY, RIGHTS, RIGHTS | FILE_RIGHTS, name);
}
