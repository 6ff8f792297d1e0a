"""The public pages, feed and sitemap."""
