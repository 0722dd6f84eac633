//! A connection's bytes, counted as they come and go.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::activity::{Activity, Received};
use super::lines::Lines;
use super::stream::Stream;
use crate::refusal;

/// How many bytes are read at once, at most. The parser's buffer grows when a read fills it, and a connection keeps its buffer for as long as
/// it is open: so it stays at its first size, 8 KiB.
const READ_BYTES: usize = (8 << 10) - 1;

/// How HTTP/2 begins.
const HTTP2: &[u8] = b"PRI * HTTP/2.0";

/// How an answer begins that refuses a request.
const REFUSAL: &[u8] = b"HTTP/1.1 4";

/// A connection that is counted.
pub(crate) struct Metered {
    stream: Stream,
    activity: Arc<Activity>,
    is_first: bool,
    lines: Lines,
    /// What goes out in place of the parser's own refusal, as far as it has not gone out yet.
    refusal: Option<Bytes>,
}

impl Metered {
    pub(crate) fn new(stream: Stream, activity: Arc<Activity>) -> Self {
        Self { stream, activity, is_first: true, lines: Lines::default(), refusal: None }
    }

    /// The parser refuses heads that it cannot read with an answer of its own, which has no body. Says instead what is wrong and what to do.
    fn refuse(&mut self, bytes: &[u8]) {
        if self.refusal.is_none() && bytes.starts_with(REFUSAL) && self.activity.is_reading_head() {
            let status = bytes.get(9..12).and_then(|status| std::str::from_utf8(status).ok()?.parse().ok()).unwrap_or(400);
            self.refusal = Some(refusal::of_head(status).into());
        }
    }

    /// Writes the refusal, and takes it that `instead` was written when that is done.
    fn write_refusal(&mut self, context: &mut Context<'_>, instead: usize) -> Option<Poll<io::Result<usize>>> {
        while let Some(left) = self.refusal.as_mut().filter(|left| !left.is_empty()) {
            match Pin::new(&mut self.stream).poll_write(context, left) {
                Poll::Ready(Ok(written)) => left.advance(written),
                other => return Some(other),
            }
        }
        self.refusal.as_ref().map(|_| Poll::Ready(Ok(instead)))
    }

    fn counted(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Pending => self.activity.blocked(),
            Poll::Ready(Ok(bytes)) => self.activity.wrote(*bytes),
            Poll::Ready(Err(_)) => {}
        }
        written
    }
}

impl AsyncRead for Metered {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        if buffer.remaining() > READ_BYTES + 1 {
            let mut part = ReadBuf::new(buffer.initialize_unfilled_to(READ_BYTES));
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut part))?;
            let read = part.filled().len();
            buffer.advance(read);
        } else {
            ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        }
        let read = &buffer.filled()[before..];
        if !read.is_empty() {
            if std::mem::take(&mut self.is_first) && read.starts_with(HTTP2) {
                self.activity.speaks_http2();
            }
            // Whoever sends such heads may not listen: what the system does not take at once is lost.
            match self.activity.received(read.len()) {
                Err(_) => {
                    self.stream.try_write(refusal::no_memory().as_bytes());
                    return Poll::Ready(Err(io::Error::other("there is no memory for another long head")));
                }
                Ok(Received::Other) => return Poll::Ready(Ok(())),
                Ok(Received::NewHead) => self.lines = Lines::default(),
                Ok(Received::Head) => {}
            }
            if !self.lines.are_sound(read) {
                self.stream.try_write(refusal::of_head(400).as_bytes());
                return Poll::Ready(Err(io::Error::other("a line of a head ends in a bare LF")));
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Metered {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.refuse(bytes);
        if let Some(written) = self.write_refusal(context, bytes.len()) {
            return self.counted(written);
        }
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.counted(written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        self.refuse(bytes.first().map_or(&[], |first| first));
        if let Some(written) = self.write_refusal(context, bytes.iter().map(|slice| slice.len()).sum()) {
            return self.counted(written);
        }
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.counted(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        self.activity.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
