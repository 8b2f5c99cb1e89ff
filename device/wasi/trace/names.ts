/**
 * Names of WASI preview 1 in the order of their values:
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md. Each is one text, which takes the least memory.
 */
export const ERRNO =
  "success 2big acces addrinuse addrnotavail afnosupport again already badf badmsg busy canceled child connaborted " +
  "connrefused connreset deadlk destaddrreq dom dquot exist fault fbig hostunreach idrm ilseq inprogress intr inval io " +
  "isconn isdir loop mfile mlink msgsize multihop nametoolong netdown netreset netunreach nfile nobufs nodev noent " +
  "noexec nolck nolink nomem nomsg noprotoopt nospc nosys notconn notdir notempty notrecoverable notsock notsup notty " +
  "nxio overflow ownerdead perm pipe proto protonosupport prototype range rofs spipe srch stale timedout txtbsy xdev " +
  "notcapable";

export const RIGHTS =
  "fd_datasync fd_read fd_seek fd_fdstat_set_flags fd_sync fd_tell fd_write fd_advise fd_allocate " +
  "path_create_directory path_create_file path_link_source path_link_target path_open fd_readdir path_readlink " +
  "path_rename_source path_rename_target path_filestat_get path_filestat_set_size path_filestat_set_times " +
  "fd_filestat_get fd_filestat_set_size fd_filestat_set_times path_symlink path_remove_directory path_unlink_file " +
  "poll_fd_readwrite sock_shutdown sock_accept";

export const FILETYPE =
  "unknown block_device character_device directory regular_file socket_dgram socket_stream symbolic_link";

export const EVENTTYPE = "clock fd_read fd_write";
export const CLOCKID = "realtime monotonic process_cputime_id thread_cputime_id";
export const FDFLAGS = "append dsync nonblock rsync sync";
