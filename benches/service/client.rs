//! HTTP/1.1 by hand: the load should cost as little as it can.

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
};

use super::{Outcome, server::Server};

pub(crate) struct Connection {
    stream: BufStream<TcpStream>,
    authorization: String,
    body: Vec<u8>,
}

/// A text of an answer.
pub(crate) fn text(answer: &[u8], field: &str) -> Outcome<String> {
    let answer: serde_json::Value = serde_json::from_slice(answer)?;
    let text = answer.get(field).and_then(|value| value.as_str());
    Ok(text
        .ok_or_else(|| format!("no {field} in {answer}"))?
        .to_owned())
}

impl Connection {
    pub(crate) async fn open(server: &Server) -> Outcome<Self> {
        let stream = TcpStream::connect(server.address()).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufStream::new(stream),
            authorization: server.token().to_owned(),
            body: Vec::new(),
        })
    }

    pub(crate) async fn post(&mut self, path: &str, body: &str, status: u16) -> Outcome<&[u8]> {
        self.send("POST", path, "application/json", body.as_bytes())
            .await?;
        self.answer(status).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Outcome<Vec<u8>> {
        self.send("GET", path, "application/json", b"").await?;
        Ok(self.answer(200).await?.to_vec())
    }

    /// A supplier list as a form field.
    pub(crate) async fn upload(&mut self, name: &str, bytes: &[u8]) -> Outcome<Vec<u8>> {
        const BOUNDARY: &str = "plimsoll-bench";
        let mut body = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send("POST", "/api/v1/supplier-lists", &kind, &body)
            .await?;
        Ok(self.answer(202).await?.to_vec())
    }

    /// Begins to listen to server-sent events and waits for the first.
    pub(crate) async fn listen(&mut self, path: &str) -> Outcome<()> {
        self.send("GET", path, "application/json", b"").await?;
        let (status, _) = self.head().await?;
        let mut line = String::new();
        while !line.contains("event: job") {
            line.clear();
            if self.stream.read_line(&mut line).await? == 0 {
                return Err(format!("{status}: the stream ended").into());
            }
        }
        Ok(())
    }

    /// Whether something is still said within a few seconds.
    pub(crate) async fn still_told(&mut self) -> bool {
        let mut line = String::new();
        let told = self.stream.read_line(&mut line);
        let told = tokio::time::timeout(std::time::Duration::from_secs(15), told).await;
        matches!(told, Ok(Ok(length)) if length > 0)
    }

    async fn send(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Outcome<()> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.authorization,
            body.len()
        );
        self.stream.write_all(head.as_bytes()).await?;
        self.stream.write_all(body).await?;
        Ok(self.stream.flush().await?)
    }

    async fn head(&mut self) -> Outcome<(u16, usize)> {
        let (mut status, mut length) = (0, 0);
        let mut line = String::new();
        loop {
            line.clear();
            if self.stream.read_line(&mut line).await? == 0 {
                return Err("the server closed the connection".into());
            }
            let text = line.trim_end().to_ascii_lowercase();
            if text.is_empty() {
                return Ok((status, length));
            }
            if let Some(rest) = text.strip_prefix("http/1.1 ") {
                status = rest.get(..3).unwrap_or_default().parse()?;
            } else if let Some(rest) = text.strip_prefix("content-length: ") {
                length = rest.parse()?;
            }
        }
    }

    async fn answer(&mut self, wanted: u16) -> Outcome<&[u8]> {
        let (status, length) = self.head().await?;
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body).await?;
        if status == wanted {
            return Ok(&self.body);
        }
        Err(format!("{status}: {}", String::from_utf8_lossy(&self.body)).into())
    }
}
